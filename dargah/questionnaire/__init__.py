"""What agencies say of themselves: the questionnaire as a spreadsheet, and back from it."""
