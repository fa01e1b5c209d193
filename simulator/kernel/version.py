"""The version of the product, in one place: packages take it from here. While a release is open, it ends in .dev0."""

VERSION = "0.2.0.dev0"
