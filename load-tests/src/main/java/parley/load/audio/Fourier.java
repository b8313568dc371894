package parley.load.audio;

/** The fast Fourier transform in place (Cooley and Tukey, radix 2). */
final class Fourier {

  private Fourier() {}

  static void transform(double[] re, double[] im) {
    int n = re.length;
    for (int i = 1, j = 0; i < n; i++) {
      int bit = n >> 1;
      for (; (j & bit) != 0; bit >>= 1) {
        j ^= bit;
      }
      j ^= bit;
      if (i < j) {
        swap(re, i, j);
        swap(im, i, j);
      }
    }
    for (int length = 2; length <= n; length <<= 1) {
      double step = -2 * Math.PI / length;
      for (int block = 0; block < n; block += length) {
        for (int k = 0; k < length / 2; k++) {
          double cos = Math.cos(step * k);
          double sin = Math.sin(step * k);
          int a = block + k;
          int b = a + length / 2;
          double bRe = re[b] * cos - im[b] * sin;
          double bIm = re[b] * sin + im[b] * cos;
          re[b] = re[a] - bRe;
          im[b] = im[a] - bIm;
          re[a] += bRe;
          im[a] += bIm;
        }
      }
    }
  }

  private static void swap(double[] values, int i, int j) {
    double kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }
}
