/** Who holds which lease, and where its work stands. */
@NullMarked
package dev.channels.backend.postgresql.lease;

import org.jspecify.annotations.NullMarked;
