package dev.channels.it.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.auth.LoginConfig;

/** Has users say who they are by a token of MicroProfile JWT. */
@ApplicationScoped
@ApplicationPath("/rest")
@LoginConfig(authMethod = "MP-JWT", realmName = "test")
public class JwtLogin extends Application {}
