"""One module per indicator, named by its id in the model."""
