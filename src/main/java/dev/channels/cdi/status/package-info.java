/** How one application stands: what health checks, management and metrics tell. */
@NullMarked
package dev.channels.cdi.status;

import org.jspecify.annotations.NullMarked;
