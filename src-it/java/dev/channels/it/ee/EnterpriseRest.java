package dev.channels.it.ee;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

@ApplicationPath("api")
public class EnterpriseRest extends Application {}
