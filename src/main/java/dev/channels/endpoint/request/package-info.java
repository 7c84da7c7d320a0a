/**
 * What is found of a request before anybody is let in: which door and channel it wants, from which
 * site and address it comes, and who the container says it is; and the answer to one that is
 * refused. Whatever reads a request of HTTP belongs here. Knows no policy and no open connection.
 */
@NullMarked
package dev.channels.endpoint.request;

import org.jspecify.annotations.NullMarked;
