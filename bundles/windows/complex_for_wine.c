/* The complex functions of the C library that Wine lacks, for the tests there. */
double atan2(double, double), cos(double), cosh(double), exp(double), hypot(double, double), log(double), sin(double),
    sinh(double);

#define BOTH(name, wide)                                                                            \
    double _Complex name(double _Complex z) { double x = __real__ z, y = __imag__ z; return wide; } \
    float _Complex name##f(float _Complex z) { return (float _Complex)name(z); }
#define PART(name, wide)                                                                   \
    double name(double _Complex z) { double x = __real__ z, y = __imag__ z; return wide; } \
    float name##f(float _Complex z) { return (float)name(z); }

PART(creal, ((void)y, x))
PART(cimag, ((void)x, y))
PART(cabs, hypot(x, y))
PART(carg, atan2(y, x))
BOTH(cexp, __builtin_complex(exp(x) * cos(y), exp(x) * sin(y)))
BOTH(ccos, __builtin_complex(cos(x) * cosh(y), -sin(x) * sinh(y)))
BOTH(csin, __builtin_complex(sin(x) * cosh(y), cos(x) * sinh(y)))
BOTH(ccosh, __builtin_complex(cosh(x) * cos(y), sinh(x) * sin(y)))
BOTH(csinh, __builtin_complex(sinh(x) * cos(y), cosh(x) * sin(y)))
BOTH(ctan, ((void)x, (void)y, csin(z) / ccos(z)))
BOTH(ctanh, ((void)x, (void)y, csinh(z) / ccosh(z)))

double _Complex cpow(double _Complex z, double _Complex to)
{
    return cexp(to * __builtin_complex(log(cabs(z)), carg(z)));
}

float _Complex cpowf(float _Complex z, float _Complex to)
{
    return (float _Complex)cpow(z, to);
}
