/** What was heard: samples, their spectrum, and files decoded by ffmpeg. */
@NullMarked
package parley.load.audio;

import org.jspecify.annotations.NullMarked;
