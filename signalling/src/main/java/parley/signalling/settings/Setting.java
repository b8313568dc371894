package parley.signalling.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a record component means as a key of a settings file, and which values it takes. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** One sentence for the person who writes the file. */
  String value();

  /** Smallest number allowed. */
  long min() default 0;

  /** Largest number allowed. */
  long max() default Integer.MAX_VALUE;

  /** The words allowed; empty: any text. */
  String[] oneOf() default {};

  /**
   * Whether the key may be left out where no default is known: it is then empty, a whole number 0,
   * any other number NaN.
   */
  boolean optional() default false;

  /** Whether the value is never printed. */
  boolean secret() default false;
}
