package parley.relay.net;

import java.security.SecureRandom;
import java.util.function.Consumer;
import parley.relay.api.RelayConfig;
import parley.relay.api.RelayEvent;
import parley.relay.dtls.DtlsDriver;
import parley.relay.recording.Recorder;
import parley.relay.stun.StunCodec;

/**
 * What all media loops of a relay share; each part may be used from any thread.
 *
 * @param fingerprint of the relay's DTLS certificate, as in SDP
 */
record RelayParts(
    RelayConfig config,
    StunCodec stun,
    DtlsDriver dtls,
    String fingerprint,
    SecureRandom random,
    RelayedPeers relayed,
    Recorder recorder,
    MixerThreads mixers,
    NoticeSound notice,
    Consumer<RelayEvent> events) {}
