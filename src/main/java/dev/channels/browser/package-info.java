/** The module for web pages that comes with the library, and the servlet that serves it. */
@NullMarked
package dev.channels.browser;

import org.jspecify.annotations.NullMarked;
