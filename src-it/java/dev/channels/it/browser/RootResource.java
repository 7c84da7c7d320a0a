package dev.channels.it.browser;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Tells that JAX-RS answers. */
@Path("resource")
public class RootResource {

    @GET
    public String get() {
        return "of JAX-RS";
    }
}
