"""Any number of photographs, labelled on all cores or on other machines, in the order in which they were named.

>>> with label_photographs(map(Photograph, paths), LookerSpec(), jobs=2) as run:
...     for looked in run:
...         print(looked.path, looked.faces or looked.error)
"""

from webcam_app.photographs.engine import label_photographs
from webcam_app.photographs.looking import LookerSpec
from webcam_app.photographs.results import Cluster, Looked, Photograph
from webcam_app.photographs.run import PhotographRun

__all__ = ["Cluster", "Looked", "LookerSpec", "Photograph", "PhotographRun", "label_photographs"]
