/** The test suite that tells whether a backend keeps the contract of the backend SPI. */
@NullMarked
package dev.channels.spi.contract;

import org.jspecify.annotations.NullMarked;
