/** What is wrong with an installation's network, certificates and disks, in sentences. */
@NullMarked
package parley.stun.doctor;

import org.jspecify.annotations.NullMarked;
