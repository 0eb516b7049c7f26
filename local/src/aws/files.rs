//! Files that a `kill -9` cannot tear: written beside, flushed, renamed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// How names of files begin that are not finished.
const UNFINISHED: &str = ".new-";

/// Makes a folder that only its owner may enter, and clears it of unfinished files.
///
/// # Errors
/// Those of the file system.
pub(super) fn open_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    keep_private(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Writes a whole file, readable by its owner only; it is there entirely or not at all, and stays after this returns.
///
/// # Errors
/// Those of the file system; the file may or may not be there.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name)).map_err(|error| error.error)?;
    flush_folder(folder)
}

/// Removes a file for good; one that is not there is no error.
///
/// # Errors
/// Those of the file system.
pub(super) fn remove(folder: &Path, name: &str) -> io::Result<()> {
    match fs::remove_file(folder.join(name)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.and_then(|()| flush_folder(folder)),
    }
}

#[cfg(unix)]
fn keep_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Renames are kept only once their folder is flushed.
#[cfg(unix)]
fn flush_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
