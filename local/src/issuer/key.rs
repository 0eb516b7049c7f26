//! The key pair that tokens are signed with.

use std::fmt;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, anyhow};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey};
use secrecy::{ExposeSecret, SecretString};

/// File of the state folder, readable by its owner alone.
const FILE: &str = "issuer-key.pem";
/// Columns of base64 in a PEM file (RFC 7468).
const PEM_COLUMNS: usize = 64;

/// An RSA key pair; JWT authorizers of API Gateway take no other kind.
#[derive(Clone)]
pub(super) struct SigningKey {
    private: EncodingKey,
    public: Jwk,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.public.common.key_id).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// A new key.
    pub(super) fn generate() -> anyhow::Result<Self> {
        Self::from_pem(&new_pem()?)
    }

    /// The key of a state folder, made if it is missing; two processes that come at once get the same.
    pub(super) fn of_folder(state: &Path) -> anyhow::Result<Self> {
        let file = state.join(FILE);
        let pem = match read(&file)? {
            Some(pem) => pem,
            None => {
                create(state, &file)?;
                read(&file)?.ok_or_else(|| anyhow!("{} vanished while it was read", file.display()))?
            }
        };
        let damaged =
            || format!("{} is no RSA key: delete it, and a new one is made at the next call", file.display());
        Self::from_pem(&pem).with_context(damaged)
    }

    fn from_pem(pem: &SecretString) -> anyhow::Result<Self> {
        let private = EncodingKey::from_rsa_pem(pem.expose_secret().as_bytes())?;
        let mut public = Jwk::from_encoding_key(&private, Algorithm::RS256)?;
        public.common.key_id = Some(public.thumbprint(ThumbprintHash::SHA256)?);
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { private, public })
    }

    /// Signs.
    pub(super) fn private(&self) -> &EncodingKey {
        &self.private
    }

    /// Verifies; named by its thumbprint (RFC 7638).
    pub(super) fn public(&self) -> &Jwk {
        &self.public
    }
}

fn read(file: &Path) -> anyhow::Result<Option<SecretString>> {
    match std::fs::read_to_string(file) {
        Ok(pem) => Ok(Some(SecretString::from(pem))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("failed to read {}", file.display())),
    }
}

/// Puts a new key in place unless somebody else was quicker.
fn create(state: &Path, file: &Path) -> anyhow::Result<()> {
    let failed = || format!("failed to write {}", file.display());
    std::fs::create_dir_all(state).with_context(failed)?;
    // A temporary file is readable by its owner alone from the start, and appears under its name only when it is whole.
    let mut temporary = tempfile::NamedTempFile::new_in(state).with_context(failed)?;
    temporary.write_all(new_pem()?.expose_secret().as_bytes()).with_context(failed)?;
    temporary.as_file().sync_all().with_context(failed)?;
    match temporary.persist_noclobber(file) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error).with_context(failed),
    }
}

fn new_pem() -> anyhow::Result<SecretString> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| anyhow!("no RSA key can be made"))?;
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| anyhow!("the new RSA key cannot be written"))?;
    let encoded = STANDARD.encode(der.as_ref());
    let mut pem = "-----BEGIN PRIVATE KEY-----\n".to_owned();
    for (idx, character) in encoded.chars().enumerate() {
        if idx > 0 && idx % PEM_COLUMNS == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.push_str("\n-----END PRIVATE KEY-----\n");
    Ok(SecretString::from(pem))
}

#[cfg(test)]
mod tests {
    use super::{FILE, SigningKey};

    fn kid(key: &SigningKey) -> String {
        key.public().common.key_id.clone().unwrap()
    }

    #[test]
    fn everybody_who_comes_at_once_gets_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("not/yet/there");
        let of_folder = || kid(&SigningKey::of_folder(&state).unwrap());
        let kids: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(of_folder)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
        assert_eq!(std::fs::read_dir(&state).unwrap().count(), 1, "temporary files are left behind");
    }

    #[test]
    #[cfg(unix)]
    fn only_the_owner_can_read_the_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        SigningKey::of_folder(folder.path()).unwrap();
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_told_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        std::fs::write(&file, "-----BEGIN").unwrap();
        let error = SigningKey::of_folder(folder.path()).unwrap_err();
        assert!(format!("{error:#}").contains("delete it"), "{error:#}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "-----BEGIN");
    }

    #[test]
    fn debug_shows_no_private_part() {
        let shown = format!("{:?}", super::super::testing::issuer("http://127.0.0.1:1"));
        assert!(shown.contains("kid") && shown.len() < 300, "{shown}");
    }
}
