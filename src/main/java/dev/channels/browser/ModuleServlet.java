package dev.channels.browser;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Serves the module for web pages, and nothing else. A servlet, because resources in a JAR are out
 * of reach where JAX-RS sits at the root of the application.
 */
public final class ModuleServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient BooleanSupplier isOffered;
    private final transient Map<String, ModuleFile> files =
            ModuleFile.all().stream()
                    .collect(Collectors.toUnmodifiableMap(ModuleFile::path, Function.identity()));

    /**
     * Reads the files.
     *
     * @param isOffered asked at each request: whether the application has what the module talks to
     */
    public ModuleServlet(BooleanSupplier isOffered) {
        this.isOffered = isOffered;
    }

    /**
     * Tells the paths that it is to be mapped to.
     *
     * @return exact ones, which go before what else is mapped
     */
    public static List<String> paths() {
        return ModuleFile.all().stream().map(ModuleFile::path).toList();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        ModuleFile file = files.get(request.getServletPath());
        if (file == null || !isOffered.getAsBoolean()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setHeader("ETag", file.tag());
        // Asked for each time, so that a page and the server that it talks to are of one version.
        response.setHeader("Cache-Control", "no-cache");
        // It is public, and a page of an allowed origin may take it from here.
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (Collections.list(request.getHeaders("If-None-Match")).stream()
                .anyMatch(file::isKnown)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(file.type());
        response.setContentLength(file.length());
        if (!request.getMethod().equals("HEAD")) {
            file.writeTo(response.getOutputStream());
        }
    }

    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        doGet(request, response);
    }
}
