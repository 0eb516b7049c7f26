//! A simulator in this process.

use crate::config::Config;
use crate::control::Control;
use crate::http::{Server, start};
use crate::world::World;
use std::sync::Arc;

/// A running simulator; it stops listening when dropped.
#[derive(Debug)]
pub struct Simulator {
    world: Arc<World>,
    server: Server,
}

impl Simulator {
    /// Makes the data and starts listening, in the background of the current tokio runtime.
    ///
    /// # Errors
    /// The address is taken, or `start_at` is not an instant.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        let world = Arc::new(World::new(config)?);
        let server = start(Arc::clone(&world)).await?;
        Ok(Self { world, server })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`, without a slash at the end.
    pub fn base_url(&self) -> String {
        self.world.own_url.get().cloned().unwrap_or_default()
    }

    /// A handle to steer it with.
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(&self.world))
    }

    /// Stops listening and waits until calls under way are answered.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}
