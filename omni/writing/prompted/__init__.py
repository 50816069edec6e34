"""The copywriter that asks a language model, believes nothing, and always hands in what is owed."""
