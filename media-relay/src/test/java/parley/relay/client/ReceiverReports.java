package parley.relay.client;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.relay.rtp.Rtcp;
import parley.relay.rtp.RtcpReader;
import parley.relay.rtp.RtcpWriter;
import parley.relay.rtp.RtpTime;
import parley.relay.rtp.StreamStats;
import parley.relay.srtp.PacketBuffer;

/** What a client reports of the streams it receives (RFC 3550 §6.4.2). One thread at a time. */
final class ReceiverReports {

  private static final int CLOCK_HZ = 48_000;

  private static final class Stream {
    final StreamStats stats = new StreamStats(CLOCK_HZ);
    int lastSenderReport;
    long senderReportNs;
  }

  private final Map<Integer, Stream> streams = new HashMap<>();

  synchronized void onRtp(int ssrc, int sequence, int timestamp, long nowNs) {
    stream(ssrc).stats.on(sequence, timestamp, nowNs);
  }

  synchronized void onRtcp(PacketBuffer packet, long nowNs) {
    RtcpReader reader = new RtcpReader();
    reader.wrap(packet);
    while (reader.next()) {
      if (reader.type() == Rtcp.SENDER_REPORT && reader.hasSenderInfo()) {
        Stream stream = stream(reader.ssrc());
        stream.lastSenderReport = RtpTime.compactNtp(reader.ntp());
        stream.senderReportNs = nowNs;
      }
    }
  }

  /** Null when nothing has come at all. */
  synchronized @Nullable PacketBuffer next(int ownSsrc, long nowNs) {
    PacketBuffer packet = new PacketBuffer();
    RtcpWriter writer = new RtcpWriter(packet).receiverReport(ownSsrc);
    streams.forEach(
        (ssrc, stream) -> {
          if (stream.stats.started()) {
            int since = RtpTime.compactSpan(nowNs - stream.senderReportNs);
            RtcpWriter _ =
                writer.block(
                    ssrc,
                    stream.stats.takeFractionLost(),
                    stream.stats.cumulativeLost(),
                    stream.stats.extendedHighest(),
                    stream.stats.jitter(),
                    stream.lastSenderReport,
                    stream.lastSenderReport == 0 ? 0 : since);
          }
        });
    return streams.isEmpty() ? null : packet;
  }

  private Stream stream(int ssrc) {
    return streams.computeIfAbsent(ssrc, _ -> new Stream());
  }
}
