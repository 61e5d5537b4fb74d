//! `class`: a class on this machine, for all on its network.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use demarche_class::class::Class;
use demarche_class::store::{Foundation, Store};
use demarche_class::web::{self, Settings};
use demarche_class::{invitation, people};
use demarche_record::shell::quoted;
use demarche_scenario::Loaded;
use tracing::info;

use crate::cli;
use crate::commands::replay::DEFAULT_SEED;
use crate::exit::Failure;
use crate::sources::{ready, scenario_of};
use crate::{interrupt, output};

/// Hosts a class until it is interrupted.
///
/// # Errors
/// When the scenario is invalid, the file does not serve, or the port is taken.
pub(crate) fn run(asked: &cli::Class) -> Result<(), Failure> {
    if let Some(file) = &asked.forget {
        return forget(file);
    }
    let listener = listen(asked)?;
    let (mut class, file) = match &asked.resume {
        Some(file) => (resumed(file)?, file.clone()),
        None => begun(asked)?,
    };
    let token = class.new_host().map_err(|cause| no_class(&file, &cause))?;
    let port = listener.local_addr().map_or(asked.port, |at| at.port());
    let network = if asked.local { None } else { invitation::address_here() };
    let here = format!("http://127.0.0.1:{port}");
    let addresses = vec![network.map_or_else(|| here.clone(), |at| address(at, port))];
    let code = &class.foundation().code;
    let link = invitation::link(&addresses[0], code);
    let host = if asked.host_from_network { &addresses[0] } else { &here };
    let word = quoted(&file.display().to_string());
    output::data(&format!(
        "{}\n\n{}\n\nJoin at  {}\nCode     {code}\nHost     {host}/host/{token}\n\n\
         Kept in {word}, decision by decision. Ctrl-C stops the class; to go on:\n  \
         demarche class --resume {word}\n",
        class.scenario().cast.title,
        invitation::for_terminal(&link),
        addresses[0],
    ))?;
    interrupt::farewell(Some(format!("To go on:\n  demarche class --resume {word}")));
    let settings = Settings { addresses, host_from_network: asked.host_from_network };
    let served = web::serve(class, listener, settings);
    served.map_err(|cause| Failure::File(format!("the class cannot be served: {cause}")))
}

fn address(at: IpAddr, port: u16) -> String {
    match at {
        IpAddr::V4(at) => format!("http://{at}:{port}"),
        IpAddr::V6(at) => format!("http://[{at}]:{port}"),
    }
}

fn listen(asked: &cli::Class) -> Result<TcpListener, Failure> {
    let at = if asked.local { Ipv4Addr::LOCALHOST } else { Ipv4Addr::UNSPECIFIED };
    TcpListener::bind((at, asked.port)).map_err(|cause| {
        let hint = "another program may have it; `--port` names another";
        Failure::File(format!("port {} cannot be listened at: {cause}; {hint}", asked.port))
    })
}

/// A new class in a new file.
fn begun(asked: &cli::Class) -> Result<(Class, PathBuf), Failure> {
    let ready = ready(&asked.case)?;
    if ready.recorded.is_some() {
        let why = "a recorded run has one table and its decisions; name the scenario instead";
        return Err(Failure::Usage(why.to_owned()));
    }
    let seed = asked.chance.seed.unwrap_or(DEFAULT_SEED);
    let foundation = Foundation {
        scenario: ready.scenario.text.clone(),
        seed,
        over_ranges: asked.chance.over_ranges(seed),
        n_tables: asked.tables,
        code: people::code(),
        host: String::new(),
    };
    let named = || PathBuf::from(format!("class-{}.sqlite", foundation.code));
    let file = asked.output.clone().unwrap_or_else(named);
    if file.exists() {
        let word = quoted(&file.display().to_string());
        let hint = format!("`demarche class --resume {word}` goes on with a class in it");
        return Err(Failure::File(format!("{} is there already; {hint}", file.display())));
    }
    let store = Store::create(&file, &foundation).map_err(|cause| no_class(&file, &cause))?;
    let class = Class::open(store, foundation, &ready.scenario, ready.numbers);
    Ok((class.map_err(|cause| no_class(&file, &cause))?, file))
}

fn resumed(file: &Path) -> Result<Class, Failure> {
    let (store, foundation) = Store::open(file).map_err(|cause| no_class(file, &cause))?;
    let Loaded { scenario, numbers, .. } =
        scenario_of(&file.display().to_string(), &foundation.scenario)?;
    info!(file = %file.display(), n_tables = foundation.n_tables, "class resumed");
    Class::open(store, foundation, &Arc::new(scenario), numbers)
        .map_err(|cause| no_class(file, &cause))
}

fn forget(file: &Path) -> Result<(), Failure> {
    let forgotten = resumed(file)?.forget().map_err(|cause| no_class(file, &cause))?;
    output::talk(&format!(
        "{} forgets {}, with names, PINs and messages. What was decided stays.",
        file.display(),
        demarche_batch::words::counted(forgotten as u64, "person")
    ));
    Ok(())
}

fn no_class(file: &Path, cause: &dyn std::error::Error) -> Failure {
    Failure::File(format!("{}: {cause}", file.display()))
}
