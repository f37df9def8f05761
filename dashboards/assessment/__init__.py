"""The strategic assessment on its pages: themes, ranks, overrides, gaps."""
