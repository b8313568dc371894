package parley.relay.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * With whom one allocation exchanges data: its permissions and channels. A client has a handful, so
 * they stand in rows that are searched from the front; the most that may be costs less than a
 * microsecond.
 */
final class PeerTable {

  /** RFC 8656 §9: five minutes. */
  static final long PERMISSION_NS = Duration.ofMinutes(5).toNanos();

  /** RFC 8656 §12: ten minutes. */
  static final long CHANNEL_NS = Duration.ofMinutes(10).toNanos();

  /** Every candidate of every participant of a call; more is a scan. */
  static final int MOST = 256;

  private static final Permission[] NO_PERMISSIONS = {};
  private static final Channel[] NO_CHANNELS = {};

  private Permission[] permissions = NO_PERMISSIONS;
  private int permissionCount;
  private Channel[] channels = NO_CHANNELS;
  private int channelCount;

  /** Null: none, or it is over. */
  @Nullable Permission permission(boolean ipv6, long high, long low, long nowNs) {
    for (int i = 0; i < permissionCount; i++) {
      Permission each = permissions[i];
      if (each.isOf(ipv6, high, low)) {
        return each.isOver(nowNs) ? null : each;
      }
    }
    return null;
  }

  /** Null: none, or it is over. */
  @Nullable Permission permission(InetAddress peer, long nowNs) {
    for (int i = 0; i < permissionCount; i++) {
      Permission each = permissions[i];
      if (each.isOf(peer)) {
        return each.isOver(nowNs) ? null : each;
      }
    }
    return null;
  }

  /** Null: none, or it is over. */
  @Nullable Channel channel(int number, long nowNs) {
    for (int i = 0; i < channelCount; i++) {
      Channel each = channels[i];
      if (each.number() == number) {
        return each.isOver(nowNs) ? null : each;
      }
    }
    return null;
  }

  /** Null: none, or it is over. */
  @Nullable Channel channel(InetSocketAddress peer, long nowNs) {
    for (int i = 0; i < channelCount; i++) {
      Channel each = channels[i];
      if (each.peer().getPort() == peer.getPort() && each.peer().equals(peer)) {
        return each.isOver(nowNs) ? null : each;
      }
    }
    return null;
  }

  /** Whether so many more addresses have room. */
  boolean hasRoomFor(int more) {
    return permissionCount + more <= MOST;
  }

  /** Installs a permission, or gives it its full time again. */
  void permit(IpAddress ip, PeerVerdict verdict, long nowNs) {
    long untilNs = nowNs + PERMISSION_NS;
    Permission known = permission(ip.ipv6(), ip.high(), ip.low(), nowNs);
    if (known != null) {
      known.extend(untilNs);
      return;
    }
    forgetPermission(ip);
    if (permissionCount == permissions.length) {
      permissions = Arrays.copyOf(permissions, Math.max(2, 2 * permissionCount));
    }
    permissions[permissionCount++] = new Permission(ip, verdict, untilNs);
  }

  /** Whether one more channel has room. */
  boolean hasRoomForChannel() {
    return channelCount < MOST;
  }

  /** Binds a channel, or gives it its full time again; number and peer are known to fit. */
  void bind(int number, InetSocketAddress peer, PeerVerdict verdict, long nowNs) {
    long untilNs = nowNs + CHANNEL_NS;
    Channel known = channel(number, nowNs);
    if (known != null) {
      known.extend(untilNs);
      return;
    }
    sweep(nowNs);
    if (channelCount == channels.length) {
      channels = Arrays.copyOf(channels, Math.max(2, 2 * channelCount));
    }
    channels[channelCount++] = new Channel(number, peer, verdict, untilNs);
  }

  private void forgetPermission(IpAddress ip) {
    for (int i = 0; i < permissionCount; i++) {
      if (permissions[i].ip().equals(ip)) {
        removePermission(i);
        return;
      }
    }
  }

  private void removePermission(int index) {
    permissionCount--;
    System.arraycopy(permissions, index + 1, permissions, index, permissionCount - index);
    permissions = Arrays.copyOf(permissions, permissionCount);
  }

  /** Lets go of what is over. */
  void sweep(long nowNs) {
    for (int i = permissionCount - 1; i >= 0; i--) {
      if (permissions[i].isOver(nowNs)) {
        removePermission(i);
      }
    }
    int kept = 0;
    for (int i = 0; i < channelCount; i++) {
      if (!channels[i].isOver(nowNs)) {
        channels[kept++] = channels[i];
      }
    }
    if (kept < channelCount) {
      channelCount = kept;
      channels = Arrays.copyOf(channels, kept);
    }
  }
}
