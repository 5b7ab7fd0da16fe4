"""A network in forms that other programs read: ONNX, safetensors, and a notebook that shows how it works."""
