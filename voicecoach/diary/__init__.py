"""The diary: what was done and felt, kept through a kill at any byte; resume; reports."""
