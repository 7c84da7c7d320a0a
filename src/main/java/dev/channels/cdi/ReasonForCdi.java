package dev.channels.cdi;

import jakarta.enterprise.context.Dependent;

/**
 * Makes Payara start CDI for an application without a bean or a {@code beans.xml} of its own: its
 * scan looks for annotations that define beans, in libraries too. Does nothing else.
 */
@Dependent
class ReasonForCdi {}
