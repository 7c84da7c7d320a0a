package dev.channels.it.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.authentication.mechanism.http.BasicAuthenticationMechanismDefinition;

/** Has users say who they are with every request. */
@ApplicationScoped
@BasicAuthenticationMechanismDefinition(realmName = "test")
public class BasicLogin {}
