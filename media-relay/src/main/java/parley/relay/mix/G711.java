package parley.relay.mix;

import parley.relay.rtp.AudioCodec;

/** ITU-T G.711: 8,000 samples a second, a byte each, coarser the louder they are. */
final class G711 {

  private static final int BIAS = 0x84;
  private static final int CLIP = 32_635;

  private G711() {}

  /**
   * @return between −1 and 1
   */
  static float decode(AudioCodec law, byte value) {
    return (law == AudioCodec.PCMU ? fromU(value) : fromA(value)) / 32_768f;
  }

  /**
   * @param sample between −1 and 1
   */
  static byte encode(AudioCodec law, float sample) {
    int linear = Math.clamp(Math.round(sample * 32_767), -32_767, 32_767);
    return law == AudioCodec.PCMU ? toU(linear) : toA(linear);
  }

  private static int fromU(byte value) {
    int bits = ~value & 0xFF;
    int magnitude = ((((bits & 0x0F) << 3) + BIAS) << ((bits & 0x70) >> 4)) - BIAS;
    return (bits & 0x80) != 0 ? -magnitude : magnitude;
  }

  private static byte toU(int linear) {
    int magnitude = Math.min(Math.abs(linear), CLIP) + BIAS;
    int segment = 24 - Integer.numberOfLeadingZeros(magnitude); // the top bit is 7 to 14
    int mantissa = magnitude >> (segment + 3) & 0x0F;
    int bits = (linear < 0 ? 0x80 : 0) | segment << 4 | mantissa;
    return (byte) ~bits;
  }

  private static int fromA(byte value) {
    int bits = (value ^ 0x55) & 0xFF;
    int segment = (bits & 0x70) >> 4;
    int magnitude = ((bits & 0x0F) << 4) + 8;
    if (segment > 0) {
      magnitude = (magnitude + 0x100) << (segment - 1);
    }
    return (bits & 0x80) != 0 ? magnitude : -magnitude; // the sign bit is set for positive ones
  }

  private static byte toA(int linear) {
    int magnitude = linear < 0 ? -linear - 1 : linear;
    int segment = Math.max(0, 24 - Integer.numberOfLeadingZeros(magnitude | 0xFF));
    int mantissa = magnitude >> (segment == 0 ? 4 : segment + 3) & 0x0F;
    int bits = (linear < 0 ? 0 : 0x80) | segment << 4 | mantissa;
    return (byte) (bits ^ 0x55);
  }
}
