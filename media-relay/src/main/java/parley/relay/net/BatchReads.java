package parley.relay.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Reads so many datagrams with one system call, and reads again only if that call was full: Netty's
 * own goes on until the kernel says that there is nothing more, which for a socket with one
 * datagram doubles the calls.
 *
 * @param batch datagrams a call
 * @param datagramBytes room for each
 * @param reads calls before others have their turn
 */
record BatchReads(int batch, int datagramBytes, int reads) implements RecvByteBufAllocator {

  @Override
  public ExtendedHandle newHandle() {
    return new Reads();
  }

  private final class Reads implements ExtendedHandle {
    private int messages;
    private int lastMessages;
    private int attempted;
    private int last;

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.directBuffer(guess(), guess());
    }

    @Override
    public int guess() {
      return batch * datagramBytes;
    }

    @Override
    public void reset(ChannelConfig config) {
      messages = 0;
      lastMessages = 0;
    }

    @Override
    public void incMessagesRead(int count) {
      messages += count;
      lastMessages = count;
    }

    @Override
    public void lastBytesRead(int bytes) {
      last = bytes;
    }

    @Override
    public int lastBytesRead() {
      return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
      return attempted;
    }

    @Override
    public boolean continueReading() {
      return lastMessages >= batch && messages < reads * batch;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier mayHaveMore) {
      return continueReading();
    }

    @Override
    public void readComplete() {}
  }
}
