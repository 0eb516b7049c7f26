//! Deploying once more.

use anyhow::ensure;

use crate::stack::Stack;

/// The same packages and parameters: sam finds nothing to change.
pub(super) async fn a_second_deployment_changes_nothing(stack: &Stack) -> anyhow::Result<()> {
    let said = stack.sam.deploy()?;
    ensure!(said.contains("No changes to deploy"), "it changed something:\n{said}");
    Ok(())
}
