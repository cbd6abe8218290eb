//! Rules of the arithmetic that hold for any input, invoices computed by hand, and bodies checked against the document.

mod invoices;
mod layers;
mod naive;
mod periods;
mod prices;
mod validate;
mod vectors;
