//! Where the sinks' work is done.

use super::Forwarder;
use std::io;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a hand-over that is under way at the end is waited for. One that is cut off is done again at the next start.
const LAST_HAND_OVER: Duration = Duration::from_secs(3);

/// Runs the forwarders on a thread of their own, so that what a sink costs is not taken from the threads that answer
/// requests. It ends soon after `stop` becomes true.
pub(crate) fn start(forwarders: Vec<Forwarder>, mut stop: watch::Receiver<bool>) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("sinks".into()).spawn(move || {
        runtime.block_on(async {
            let mut running: JoinSet<()> = forwarders.into_iter().map(Forwarder::run).collect();
            let ended = async {
                while let Some(ended) = running.join_next().await {
                    if let Err(error) = ended {
                        eprintln!("tidegate: a sink is no longer served ({error}): its events are kept, restart the collector");
                    }
                }
            };
            let patience = async {
                let _ = stop.wait_for(|stop| *stop).await;
                tokio::time::sleep(LAST_HAND_OVER).await;
            };
            tokio::select! { () = ended => {}, () = patience => {} }
        });
    })
}
