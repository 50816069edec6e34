"""Every file is opened again and measured."""
