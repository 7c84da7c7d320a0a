/** The JTA transactions of the application, where its server has them. */
@NullMarked
package dev.channels.transaction;

import org.jspecify.annotations.NullMarked;
