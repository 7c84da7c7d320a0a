package dev.channels.websocket;

import dev.channels.endpoint.Doors;

/**
 * What every endpoint instance is handed.
 *
 * @param doors what all doors share
 * @param settings of the plain endpoints
 */
record EndpointContext(Doors doors, EndpointSettings settings) {}
