//! The password of the tests is nowhere but in the secret store.

use anyhow::ensure;
use serde_json::json;

use crate::stack::Stack;
use crate::tls::PASSWORD;

/// Logs of every function, the emulator's own, every item, every mail.
pub(super) async fn the_password_is_in_no_log_and_no_item(stack: &Stack) -> anyhow::Result<()> {
    // As it is, and as JSON and forms would write it.
    let spellings = [PASSWORD.to_owned(), PASSWORD.replace('&', "\\u0026"), PASSWORD.replace(' ', "%20")];
    let mut places = vec![
        ("the emulator's log".to_owned(), stack.emulator.last_lines(usize::MAX)?),
        ("the mails".to_owned(), stack.mails().await?.to_string()),
        ("the table".to_owned(), all_items(stack).await?),
    ];
    for function in super::functions::FUNCTIONS {
        places.push((format!("the log of {function}"), stack.log_of(function).await?));
    }
    for (place, text) in places {
        ensure!(!text.is_empty(), "{place} is empty, so that nothing could be found in it");
        ensure!(!spellings.iter().any(|spelling| text.contains(spelling)), "the password is in {place}");
    }
    Ok(())
}

async fn all_items(stack: &Stack) -> anyhow::Result<String> {
    let mut text = String::new();
    let mut scan = json!({ "TableName": stack.output("TableName")? });
    loop {
        let page = stack.root.dynamodb("Scan", &scan).await?.json()?;
        text.push_str(&page["Items"].to_string());
        if page["LastEvaluatedKey"].is_null() {
            return Ok(text);
        }
        scan["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
    }
}
