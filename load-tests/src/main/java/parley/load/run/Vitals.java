package parley.load.run;

/**
 * How the server is; NaN: nobody can say.
 *
 * @param cpuS processor seconds it has taken so far
 * @param residentMb resident memory
 * @param heapMb of its JVM, in use
 */
public record Vitals(double cpuS, double residentMb, double heapMb) {

  /** Of a server that says nothing. */
  public static final Vitals UNKNOWN = new Vitals(Double.NaN, Double.NaN, Double.NaN);
}
