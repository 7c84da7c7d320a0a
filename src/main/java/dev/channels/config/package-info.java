/** The immutable, validated, typed view of every configuration key. */
@NullMarked
package dev.channels.config;

import org.jspecify.annotations.NullMarked;
