//! `lci serve --demo` at work in a folder of its own, with an admin signed in.

use crate::served::{Serve, Served};

/// What most flows over HTTP begin with; gone when dropped.
#[derive(Debug)]
pub struct Scene {
    /// How the product was started.
    pub serve: Serve,
    /// The product at work.
    pub served: Served,
    /// Bearer token of the admin of tenant `demo`.
    pub admin: String,
    _folder: tempfile::TempDir,
}

impl Scene {
    /// Starts the product on its bundled simulator.
    ///
    /// # Errors
    /// It does not start.
    pub fn demo() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("e2e-").tempdir()?;
        let serve = Serve::demo(folder.path());
        let served = serve.start()?;
        let admin = serve.token("admin")?;
        Ok(Self { serve, served, admin, _folder: folder })
    }
}
