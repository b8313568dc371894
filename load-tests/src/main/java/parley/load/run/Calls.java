package parley.load.run;

/** All calls of one plan. */
interface Calls {

  /** From now on there are to be so many at a time; those that are too many end by themselves. */
  void keep(int atOnce);
}
