package parley.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import parley.relay.api.CallId;
import parley.relay.api.PeerId;
import parley.relay.api.RelayCommand;

class CommandInboxTest {

  private static final CallId CALL = new CallId("call");
  private static final PeerId PEER = new PeerId("peer");

  private final CommandInbox inbox = new CommandInbox();

  @Test
  void refusesMoreThanItsCapacity() {
    int taken = 0;
    while (inbox.offer(new RelayCommand.Mute(CALL, PEER, true))) {
      taken++;
    }

    assertThat(taken).isEqualTo(CommandInbox.CAPACITY - CommandInbox.RESERVED_FOR_ENDINGS);
  }

  @Test
  void keepsRoomForWhatEndsThings() {
    while (inbox.offer(new RelayCommand.Mute(CALL, PEER, true))) {}

    assertThat(inbox.offer(new RelayCommand.Leave(CALL, PEER, ""))).isTrue();
    assertThat(inbox.offer(new RelayCommand.Close(CALL, ""))).isTrue();
  }

  @Test
  void isAnnouncedOnceUntilItIsDrained() {
    assertThat(inbox.announce()).isTrue();
    assertThat(inbox.announce()).isFalse();

    inbox.beginDrain();

    assertThat(inbox.announce()).isTrue();
  }
}
