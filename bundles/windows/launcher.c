/* Starts `python -m mnistviz` with the Python beside this program. Built twice: as mnistviz.exe, without a console, and
 * as mnistviz-console.exe, for the commands that print. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

typedef int (*Main)(int, wchar_t **);

static int fail(const wchar_t *what)
{
    fwprintf(stderr, L"mnistviz: %ls\n", what);
    if (GetConsoleWindow() == NULL)
        MessageBoxW(NULL, what, L"mnistviz", MB_ICONERROR);
    return 1;
}

int wmain(int argc, wchar_t **argv)
{
    static wchar_t library[32768];
    DWORD length = GetModuleFileNameW(NULL, library, 32000);
    if (length == 0 || length >= 32000)
        return fail(L"The path of this program is too long.");
    wchar_t *name = wcsrchr(library, L'\\');
    wcscpy(name ? name + 1 : library, L"python\\" PYTHON_DLL);
    HMODULE python = LoadLibraryExW(library, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (python == NULL)
        return fail(L"The folder “python” beside this program is missing or incomplete. Please install mnistviz again.");
    Main run = (Main)(void *)GetProcAddress(python, "Py_Main");
    wchar_t **given = calloc(argc + 3, sizeof *given);
    if (run == NULL || given == NULL)
        return fail(L"Python cannot be started. Please install mnistviz again.");
    int count = 0;
    given[count++] = argv[0];
#ifndef PLAIN /* a plain Python, for the tests */
    given[count++] = L"-m";
    given[count++] = L"mnistviz";
#endif
    for (int i = 1; i < argc; i++)
        given[count++] = argv[i];
    return run(count, given);
}
