"""The look: layout, components, tokens, small behaviours, icons and the portfolio at `/ui`. Knows no domain word."""
