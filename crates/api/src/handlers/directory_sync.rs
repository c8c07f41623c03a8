//! Directory synchronisation of enterprises.
