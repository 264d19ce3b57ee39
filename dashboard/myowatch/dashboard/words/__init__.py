"""Every word a page says, one module a page: plain, calm, and in one place for translators."""
