"""What ships with the product: indicators, questions, questionnaires. Texts are English in gettext."""
