use crate::config::Config;
use clap::{Subcommand, ValueEnum};
use model::account::Role;
use service::accounts;
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use zeroize::Zeroizing;

#[derive(Subcommand)]
pub enum User {
    /// Add someone. The password is read from standard input.
    Add {
        name: String,
        #[arg(long, default_value = "viewer")]
        role: RoleName,
    },
    /// Show who may sign in.
    List,
    /// Lock someone out (or, with --undo, let them in again). It ends their sessions.
    Disable {
        name: String,
        #[arg(long)]
        undo: bool,
    },
    /// Set someone's password, read from standard input. It ends their sessions.
    Reset { name: String },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum RoleName {
    Viewer,
    Analyst,
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Role::Viewer,
            RoleName::Analyst => Role::Analyst,
            RoleName::Admin => Role::Admin,
        }
    }
}

impl User {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let service = super::open(config).await?;
        match self {
            User::Add { name, role } => {
                accounts::create_user(&service, &name, read_password()?, role.into()).await?;
                println!("{name} may sign in now");
            }
            User::List => {
                for (user, disabled) in accounts::list(&service).await? {
                    println!("{}\t{}{}", user.name, user.role.name(), if disabled { "\tdisabled" } else { "" });
                }
            }
            User::Disable { name, undo } => {
                accounts::set_disabled(&service, &name, !undo).await?;
                println!("{name} {}", if undo { "may sign in again" } else { "is locked out" });
            }
            User::Reset { name } => {
                accounts::reset_password(&service, &name, read_password()?).await?;
                println!("{name} has a new password");
            }
        }
        service.close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// One line of standard input, never an argument: arguments are seen by everyone on the machine.
fn read_password() -> anyhow::Result<Zeroizing<String>> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprint!("Password (it will be seen): ");
    }
    let mut line = Zeroizing::new(String::new());
    stdin.lock().read_line(&mut line)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
