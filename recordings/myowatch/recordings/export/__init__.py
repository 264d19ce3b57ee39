"""Sessions and analyses as JSON (`analysis_json`) and CSV (`session_tables`)."""
