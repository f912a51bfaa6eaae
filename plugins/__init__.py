"""The bundled plugins; they use nothing that a plugin from elsewhere could not use."""
